/** A place that packages come from, as the configuration of apt names it. */
export interface AptSource {
  readonly uri: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** The key that its lists are signed with: a path, or the key itself on several lines. `undefined`: any that apt trusts. */
  readonly signedBy: string | undefined
  /** Whether lists without a signature will do: `yes`, or `no` for lists with one, too. `undefined`: they will not. */
  readonly trusted: string | undefined
}

/** The sources of binary packages in a file of the format that its name says: `.sources` is deb822, else one a line. */
export function readSources(file: string, text: string): AptSource[] {
  return file.endsWith('.sources') ? readStanzas(text) : readLines(text)
}

/** `deb [signed-by=/a/key.gpg arch=amd64] http://host/debian suite component component`. */
function readLines(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, options = '', uri, suite, components = ''] =
      /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line) ?? []
    if (uri === undefined || suite === undefined) return []
    const option = (name: string): string | undefined =>
      new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'i').exec(options)?.[1]
    return [
      {
        uri,
        suites: [suite],
        components: words(components),
        // Several keys stand with commas between them here, with spaces in the other format.
        signedBy: option('signed-by')?.replaceAll(',', ' '),
        trusted: option('trusted'),
      },
    ]
  })
}

/** Fields with their values; one that is indented goes on with the value before it. */
function readStanzas(text: string): AptSource[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'))
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const fields = new Map(
        [...stanza.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)].map(([, name = '', value = '']) => [
          name.toLowerCase(),
          value,
        ]),
      )
      const field = (name: string): string => fields.get(name) ?? ''
      if (!words(field('types')).includes('deb') || /^(no|false|0)$/i.test(field('enabled').trim())) return []
      const suites = words(field('suites'))
      const components = words(field('components'))
      const [signedBy, trusted] = ['signed-by', 'trusted'].map((name) => fields.get(name))
      return words(field('uris')).map((uri) => ({ uri, suites, components, signedBy, trusted }))
    })
}

/** A source with another suite, in the format with stanzas, and nothing of it but its lists of packages. */
export function sourceStanza(source: AptSource, suite: string, component: string): string {
  const fields = {
    Types: 'deb',
    URIs: source.uri,
    Suites: suite,
    Components: component,
    Targets: 'Packages',
    'Signed-By': source.signedBy,
    Trusted: source.trusted,
  }
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\n`]))
    .join('')
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
