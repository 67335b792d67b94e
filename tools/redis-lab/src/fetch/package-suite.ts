import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AptSource, sourceStanza } from './apt-sources.js'

/** One suite of a source, by an apt with nothing but it: what the machine has installed, and its lists, stay as they are. */
export class PackageSuite {
  readonly name: string
  readonly #configFile: string

  private constructor(name: string, configFile: string) {
    this.name = name
    this.#configFile = configFile
  }

  /** Fetches the lists of the suite into `directory`. */
  static async open(source: AptSource, name: string, directory: string): Promise<PackageSuite> {
    const at = (path: string): string => join(directory, path)
    await Promise.all(
      ['lists/partial', 'cache/archives/partial', 'parts'].map((path) =>
        mkdir(at(path), { recursive: true }),
      ),
    )
    await writeFile(at('parts/suite.sources'), sourceStanza(source, name, 'main'))
    await writeFile(at('status'), '')
    await writeFile(at('apt.conf'), configuration(directory))
    const suite = new PackageSuite(name, at('apt.conf'))
    await suite.#run('apt-get', ['update'])
    return suite
  }

  /** The version of a package without epoch and revision, `undefined` if the suite does not have it. */
  async versionOf(packageName: string): Promise<string | undefined> {
    const shown = await this.#run('apt-cache', ['madison', packageName])
    const [, version] = shown.split('\n')[0]?.split(' | ') ?? []
    return version
      ?.trim()
      .replace(/^\d+:/, '')
      .replace(/-[^-]*$/, '')
  }

  /** Every package that these depend on, directly or not, with what each depends on itself. */
  async dependencies(packageNames: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const text = await this.#run('apt-cache', ['depends', '--recurse', '--important', ...packageNames])
    const graph = new Map<string, string[]>()
    let current: string[] = []
    for (const line of text.split('\n')) {
      const [, dependency] = /^ [ |](?:Pre)?Depends: (\S+)$/.exec(line) ?? []
      if (dependency !== undefined) current.push(dependency)
      else if (/^\S/.test(line)) graph.set(line, (current = []))
    }
    return graph
  }

  /** Puts the files of packages into `directory`; apt compares them with what the signed lists say. */
  async download(packageNames: readonly string[], directory: string): Promise<void> {
    await this.#run('apt-get', ['download', ...packageNames], directory)
  }

  async #run(program: string, args: readonly string[], cwd = '/'): Promise<string> {
    try {
      const options = { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } }
      return (await run(program, ['-q', '-c', this.#configFile, ...args], options)).stdout
    } catch (cause) {
      const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
      throw new Error(`${program} ${args[0]} failed for the suite ${this.name}:\n${said}`, { cause })
    }
  }
}

/** Read behind the configuration of the machine, of which it leaves what is no path: proxies, keys, credentials. */
function configuration(directory: string): string {
  return `Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "${directory}/parts";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "${directory}/lists";
Dir::State::status "${directory}/status";
Dir::Cache "${directory}/cache";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::PDiffs "false";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`
}

const run = promisify(execFile)
