/**
 * Whether two values are the same as JSON: a key whose value is `undefined` is none, and neither prototypes nor the order
 * of keys nor the sign of zero count.
 */
export function equalsJson(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return left === right
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, at) => equalsJson(item, right[at]))
  }
  const [leftFields, rightFields] = [fieldsOf(left), fieldsOf(right)]
  if (leftFields.size !== rightFields.size) return false
  return [...leftFields].every(
    ([key, value]) => rightFields.has(key) && equalsJson(value, rightFields.get(key)),
  )
}

function fieldsOf(object: object): Map<string, unknown> {
  return new Map(Object.entries(object).filter(([, value]) => value !== undefined))
}
