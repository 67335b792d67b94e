/** Something is wrong with what was typed, not with what was tried. */
export class UsageError extends Error {}
