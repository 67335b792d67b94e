export { type CairnStorage, cairnSubject } from './subject/cairn-subject.js'
