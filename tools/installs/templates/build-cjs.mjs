import { build } from 'esbuild'

await build({
  entryPoints: ['agent.mjs'],
  outfile: 'out/agent.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
})
