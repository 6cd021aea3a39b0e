import { unaccent } from '../../../types/extensions/unaccent.js';
import type { CallTypes } from '../implementation.js';
import type { FunctionTable } from '../table.js';

export const unaccentFunctions: FunctionTable = {
  typed: {
    // With a dictionary in front: there is this one only.
    unaccent_dict: ({ args }: CallTypes) => (args.length === 1 ? unaccent : (_dictionary: number, text: string) => unaccent(text)),
  },
};
