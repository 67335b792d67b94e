import { describe, expect, it } from 'vitest'
import { parseHost, parseStorageUrl } from '../src/driver/index.js'

const SECRET = 'correct-horse'

describe('the URL of a storage', () => {
  it('is taken to pieces, whatever stands around it', () => {
    for (const url of ['REDIS://h:1/3?db=2', ' redis://h:1/3?db=2\n', 'redis://h:1/3?db=2\r\n'])
      expect(parseStorageUrl(url)).toMatchObject({ scheme: 'redis', hosts: ['h:1'], path: '/3' })
    expect(parseStorageUrl('a+b://x,y/p?q=%26').query).toEqual(new Map([['q', '&']]))
    expect(parseStorageUrl('memory:')).toMatchObject({ hosts: undefined, path: '' })
    expect(parseStorageUrl('lmdb:./my folder/a@b').path).toBe('./my folder/a@b')
    expect(parseStorageUrl('lmdb:///a@b/c').path).toBe('/a@b/c')
  })

  it.each([
    ['redis://h', undefined],
    ['redis://u@h', { username: 'u' }],
    ['redis://:p@h', { password: 'p' }],
    ['redis://u:a%2Fb%2Bc%3D@h', { username: 'u', password: 'a/b+c=' }],
    ['redis://u:p@ss:w%25rd@h', { username: 'u', password: 'p@ss:w%rd' }],
    ['redis://@h', {}],
  ])('%s has these credentials', (url, credentials) => {
    expect(parseStorageUrl(url).credentials).toEqual(credentials)
  })

  it.each([
    [undefined, /expected a string, got undefined/],
    ['', /empty/],
    ['"redis://h"', /quotation marks/],
    ["'redis://h'", /quotation marks/],
    [`redis://:${SECRET}\nredis://h`, /line break/],
    ['127.0.0.1:6379', /begins with no scheme/],
    [`redis://:${SECRET}/x=@h`, /write it as %2F/],
    [`redis://:${SECRET}#@h`, /write it as %23/],
    [`redis://:%zz${SECRET}@h`, /write it as %25/],
    ['redis://h?a=1&a=2', /a is given twice/],
  ])('%j is told what is wrong with it, and repeats no secret', (url, says) => {
    expect(() => parseStorageUrl(url)).toThrow(says)
    expect(() => parseStorageUrl(url)).not.toThrow(SECRET)
  })

  it('has hosts with ports', () => {
    expect(parseHost('', 1)).toEqual({ host: 'localhost', port: 1 })
    expect(parseHost('h:2', 1)).toEqual({ host: 'h', port: 2 })
    expect(parseHost('[::1]:2', 1)).toEqual({ host: '::1', port: 2 })
    for (const wrong of ['h:0', 'h:65536', 'h:x', '::1', 'a:b:1'])
      expect(() => parseHost(wrong, 1)).toThrow(/expected host or host:port/)
  })
})
