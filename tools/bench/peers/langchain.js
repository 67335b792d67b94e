export { createAgent } from 'langchain'
