import type { FiringMode, TableDescriptor } from '../../../catalog/descriptors.js';
import type { Firing } from '../../../planner/parse/ast.js';

export const MODES: Readonly<Record<Firing, FiringMode | undefined>> = {
  enable: undefined,
  disable: 'disabled',
  'enable always': 'always',
  'enable replica': 'replica',
};

/** Of a trigger or rule: when it applies from now on. */
export function withFiring<T extends { readonly firing?: FiringMode }>(object: T, firing: Firing): T {
  const { firing: _before, ...rest } = object;
  const mode = MODES[firing];
  return { ...rest, ...(mode === undefined ? {} : { firing: mode }) } as T;
}

/** Of what keeps a table's foreign keys. */
export function withKeyFiring({ keyFiring: _before, ...table }: TableDescriptor, firing: Firing): TableDescriptor {
  const mode = MODES[firing];
  return mode === undefined ? table : { ...table, keyFiring: mode };
}
