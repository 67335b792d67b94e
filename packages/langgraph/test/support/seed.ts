/** The seed of this run's properties: given by `CAIRN_SEED`, else by chance. fast-check prints it when one fails. */
export const seed: number =
  process.env['CAIRN_SEED'] === undefined
    ? Math.floor(Math.random() * 2 ** 31)
    : Number(process.env['CAIRN_SEED'])
