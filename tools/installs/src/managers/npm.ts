import { join } from 'node:path'
import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import type { Manager } from './manager.js'

export const npm: Manager = {
  id: 'npm',
  name: 'npm',
  async prepare(place, registry) {
    const folder = await place.folder('programs', 'npm')
    const env = userEnvironment({
      npm_config_cache: await place.folder('caches', 'npm'),
      npm_config_userconfig: join(folder, 'npmrc'),
    })
    return {
      version: (await runCommand(['npm', '--version'], { cwd: folder, env })).trim(),
      env,
      files: { 'package.json': '{ "private": true }\n', '.npmrc': `registry=${registry}/\n` },
      add: (packages) => ['npm', 'install', '--no-audit', '--no-fund', ...packages],
      run: [process.execPath],
    }
  },
}
