/** Bytes that are not what their type says. */
export class DamagedFragment extends Error {
  override readonly name = 'DamagedFragment'
}
