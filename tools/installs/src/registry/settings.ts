/** The configuration of the registry: Cairn's packages are its own, everything else comes from the other one. */
export function registrySettings(upstream: string): string {
  return JSON.stringify({
    storage: './storage',
    auth: { htpasswd: { file: './htpasswd', max_users: -1 } },
    uplinks: {
      upstream: { url: upstream, timeout: '120s', maxage: '60m', max_fails: 100, fail_timeout: '5s' },
    },
    packages: {
      '@cairnkit/*': { access: '$all', publish: '$all', unpublish: '$all' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    server: { keepAliveTimeout: 60 },
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  })
}
