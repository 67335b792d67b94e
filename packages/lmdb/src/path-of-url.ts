import { type UrlSettings, parseStorageUrl, readUrlSettings } from '@cairnkit/core/driver'

/**
 * The folder that a URL names. `lmdb:///folder` is absolute, `lmdb:folder` and `lmdb:./folder` are relative. The settings are
 * those of servers: they have no effect, and those in the URL must exist.
 */
export function pathOfUrl(url: string, settings: UrlSettings): string {
  const parsed = parseStorageUrl(url)
  const { hosts, path, credentials } = parsed
  readUrlSettings(parsed, settings)
  if (path === '' || credentials !== undefined || (hosts !== undefined && hosts.join() !== '')) {
    throw new TypeError('url: expected lmdb:///absolute/folder or lmdb:./relative/folder')
  }
  // lmdb:///C:/folder
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path
}
