import { describe, expect, it } from 'vitest'
import { parseSentinelEvent } from '../src/connections/sentinel/sentinel-event.js'

const from = { host: '10.0.0.1', port: 6379 }
const to = { host: '10.0.0.2', port: 6380 }

describe('what a Sentinel announces of a failover', () => {
  it.each([
    ['+elected-leader', 'master mine 10.0.0.1 6379', { type: 'begun', from }],
    [
      '+selected-slave',
      'slave 10.0.0.2:6380 10.0.0.2 6380 @ mine 10.0.0.1 6379',
      { type: 'chosen', from, to },
    ],
    ['-failover-abort-no-good-slave', 'master mine 10.0.0.1 6379', { type: 'aborted', from }],
    ['+switch-master', 'mine 10.0.0.1 6379 10.0.0.2 6380', { type: 'switched', from, to }],
  ])('%s is understood', (channel, message, event) => {
    expect(parseSentinelEvent(channel, message, 'mine')).toEqual(event)
  })

  it.each([
    ['+elected-leader', 'master other 10.0.0.1 6379'],
    ['+selected-slave', 'slave 10.0.0.2:6380 10.0.0.2 6380 @ other 10.0.0.1 6379'],
    ['+switch-master', 'other 10.0.0.1 6379 10.0.0.2 6380'],
    ['-failover-abort-not-elected', 'master other 10.0.0.1 6379'],
  ])('%s about another primary is of no concern', (channel, message) => {
    expect(parseSentinelEvent(channel, message, 'mine')).toBeUndefined()
  })

  it.each([
    ['+elected-leader', ''],
    ['+elected-leader', 'master mine'],
    ['+selected-slave', 'slave mine 10.0.0.1 6379'],
    ['+selected-slave', 'slave x 10.0.0.2 port @ mine 10.0.0.1 6379'],
    ['+switch-master', 'mine 10.0.0.1 6379'],
  ])('%s that says too little is no news: %j', (channel, message) => {
    expect(parseSentinelEvent(channel, message, 'mine')).toBeUndefined()
  })
})
