import type { Attack } from './attack'
import { CONTROL_FRAMES } from './control-frames'
import { FLOW_CONTROL } from './flow-control'
import { HEADER_BLOCKS } from './header-blocks'
import { RESETS } from './resets'
import { SLOW_CLIENTS } from './slow'
import { TLS } from './tls'

/** All attacks, in the order in which they are tried. */
export const ATTACKS: readonly Attack[] = [
  ...RESETS,
  ...HEADER_BLOCKS,
  ...CONTROL_FRAMES,
  ...FLOW_CONTROL,
  ...SLOW_CLIENTS,
  ...TLS,
]

/** Returns the attack of that name, or undefined. */
export function findAttack(name: string): Attack | undefined {
  return ATTACKS.find((attack) => attack.name === name)
}
