/** The ways in which LangGraph and applications change messages in place. */
export function mutate(target: Record<string, unknown>, change: number): void {
  const kwargs = target['lc_kwargs'] as Record<string, unknown>
  switch (change) {
    case 0:
      target['id'] = 'new id'
      kwargs['id'] = 'new id'
      return
    case 1:
      target['content'] = 'new content'
      return
    case 2:
      ;(target['additional_kwargs'] as Record<string, unknown>)['added'] = { deep: [1] }
      return
    case 3:
      ;(target['response_metadata'] as Record<string, unknown>)['a'] = 'replaced'
      return
    case 4:
      kwargs['name'] = 'named'
      target['name'] = 'named'
      return
    case 5:
      if (Array.isArray(target['tool_calls']))
        target['tool_calls'].push({ id: 't', name: 'x', args: {}, type: 'tool_call' })
      return
    case 6:
      if (Array.isArray(target['content'])) target['content'].push({ type: 'text', text: 'more' })
      return
    default:
      delete kwargs['additional_kwargs']
  }
}
