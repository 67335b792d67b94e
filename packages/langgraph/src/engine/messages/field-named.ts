import { defineField } from '../fragments/json-data.js'

/**
 * The field of this name. V8 compiles a name that stands in the program to one load, and looks up one that it learns as
 * the program runs. A turn of a long chat reads thousands, so those that messages have stand here.
 */
export function fieldNamed(of: Readonly<Record<string, unknown>>, name: string): unknown {
  switch (name) {
    case 'content':
      return of['content']
    case 'id':
      return of['id']
    case 'additional_kwargs':
      return of['additional_kwargs']
    case 'response_metadata':
      return of['response_metadata']
    case 'tool_calls':
      return of['tool_calls']
    case 'invalid_tool_calls':
      return of['invalid_tool_calls']
    case 'usage_metadata':
      return of['usage_metadata']
    case 'tool_call_id':
      return of['tool_call_id']
    case 'name':
      return of['name']
    default:
      return of[name]
  }
}

/** Sets the field of this name, as an own one: the counterpart of {@link fieldNamed}, for the same reason. */
export function setFieldNamed(of: Record<string, unknown>, name: string, value: unknown): void {
  switch (name) {
    case 'content':
      of['content'] = value
      return
    case 'id':
      of['id'] = value
      return
    case 'additional_kwargs':
      of['additional_kwargs'] = value
      return
    case 'response_metadata':
      of['response_metadata'] = value
      return
    case 'tool_calls':
      of['tool_calls'] = value
      return
    case 'invalid_tool_calls':
      of['invalid_tool_calls'] = value
      return
    case 'usage_metadata':
      of['usage_metadata'] = value
      return
    case 'tool_call_id':
      of['tool_call_id'] = value
      return
    case 'name':
      of['name'] = value
      return
    default:
      defineField(of, name, value)
  }
}
