/** Returns `text` without the credentials of the URLs in it. */
export function redactSecrets(text: string): string {
  // To the last @: a password that was not percent-encoded may hold one.
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)\S*@/gi, '$1***@')
}
