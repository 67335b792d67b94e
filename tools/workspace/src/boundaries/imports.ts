import ts from 'typescript'

/** One module that a file names, however it does. */
export interface ImportSite {
  readonly line: number
  /** Undefined when the program computes the name, so that nobody can tell what is loaded. */
  readonly specifier: string | undefined
  /** `static`: at load, `dynamic`: by `import()`, `type`: erased by the compiler,
   * `typeof`: the type of what `import()` gives, `require`: by CommonJS. */
  readonly kind: 'static' | 'dynamic' | 'type' | 'typeof' | 'require'
}

/** Every import of a source file: statements, re-exports, `import()`, import types, `require`, augmentations. */
export function importsOf(fileName: string, text: string): ImportSite[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, false)
  const sites: ImportSite[] = []
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1
  const add = (node: ts.Node, name: ts.Node | undefined, kind: ImportSite['kind']): void => {
    const line = lineAt(node.getStart(source))
    const specifier = name !== undefined && ts.isStringLiteralLike(name) ? name.text : undefined
    sites.push({ line, specifier, kind })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isErased(node) ? 'type' : 'static')
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
      add(node, node.moduleSpecifier, node.isTypeOnly ? 'type' : 'static')
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node, node.moduleReference.expression, node.isTypeOnly ? 'type' : 'require')
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node, node.argument.literal, node.isTypeOf ? 'typeof' : 'type')
    else if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) add(node, node.name, 'type')
    else if (ts.isCallExpression(node)) visitCall(node)
    ts.forEachChild(node, visit)
  }
  const visitCall = (node: ts.CallExpression): void => {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], 'dynamic')
    else if (ts.isIdentifier(node.expression) && node.expression.text === 'require')
      add(node, node.arguments[0], 'require')
  }
  ts.forEachChild(source, visit)
  for (const reference of source.typeReferenceDirectives) {
    sites.push({ line: lineAt(reference.pos), specifier: reference.fileName, kind: 'type' })
  }
  return sites
}

/** `import { type T }` keeps the import at run time under verbatimModuleSyntax; only `import type` is erased. */
function isErased(node: ts.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}
