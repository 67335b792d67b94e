import type { CompiledScript } from './compile.js'

/** The TypeScript module that holds the compiled scripts. */
export function renderModule(scripts: readonly CompiledScript[]): string {
  const entries = scripts.map(
    (script) => `  ${propertyName(script.name)}: {
    name: '${script.name}',
    sha1: '${script.sha1}',
    readOnly: ${script.readOnly},
    source: ${templateLiteral(script.source)} as string,
  },
`,
  )
  return `// Generated from src/storage/lua by \`npm run lua\`. Change the Lua files, not this one.
export const scripts = {
${entries.join('')}} as const
`
}

function propertyName(name: string): string {
  return name.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())
}

function templateLiteral(text: string): string {
  return '`' + text.replace(/[\\`]|\$\{/g, (special) => '\\' + special) + '`'
}
