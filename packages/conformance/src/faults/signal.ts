/** Something that happens once. */
export class Signal {
  readonly fired: Promise<void>
  readonly fire: () => void

  constructor() {
    let fire = (): void => undefined
    this.fired = new Promise((resolve) => (fire = resolve))
    this.fire = () => fire()
  }
}
