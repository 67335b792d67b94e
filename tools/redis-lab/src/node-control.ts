import type { RestartOptions } from './lab.js'

/** What only the process that started a lab can do to its servers, by node name. */
export interface NodeControl {
  kill(name: string): Promise<void>
  pause(name: string): Promise<void>
  resume(name: string): Promise<void>
  restart(name: string, options?: RestartOptions): Promise<void>
  cut(name: string): Promise<void>
  mend(name: string): Promise<void>
}
