import { describe, expect, it } from 'vitest'
import { type UrlSettings, parseStorageUrl, readUrlSettings } from '../src/driver/index.js'

const read = (query: string, beside?: UrlSettings): unknown =>
  readUrlSettings(parseStorageUrl(`any:here${query}`), beside)

describe('the settings in a URL', () => {
  it('are texts and numbers', () => {
    expect(read('?keyPrefix=a%20b&poolSize=2&client=ioredis')).toEqual({
      keyPrefix: 'a b',
      poolSize: 2,
      client: 'ioredis',
    })
    expect(read('')).toEqual({})
  })

  const wrong: Record<string, readonly [query: string, says: string, beside?: UrlSettings]> = {
    'one that does not exist': [
      '?timeout=1',
      'url: no parameter is named "timeout". There are: client, keyPrefix,',
    ],
    'a name of every object': ['?toString=1', 'url: no parameter is named "toString". There are:'],
    'one of another program': [
      '?ssl=true',
      'url: no parameter is named "ssl": for TLS write rediss:// in front',
    ],
    'a secret': ['?password=p', 'write it before the "@", or pass it as an option'],
    'a number that is none': ['?poolSize=2x', 'url: poolSize is a whole number, got "2x"'],
    'one that is given beside it': [
      '?poolSize=1',
      'poolSize is given twice, in the url and as an option: keep one',
      { poolSize: 2 },
    ],
  }
  for (const [name, [query, says, beside]] of Object.entries(wrong)) {
    it(`are refused: ${name}`, () => {
      expect(() => read(query, beside)).toThrow(TypeError)
      expect(() => read(query, beside)).toThrow(says)
    })
  }
})
