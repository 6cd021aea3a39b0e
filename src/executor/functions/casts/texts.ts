import { assert } from '../../../commons/assert.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import { trimTrailingBlanks, truncateName } from '../../../types/text.js';
import { firstCharacter, textOfByteCharacter } from '../../../types/text-codecs.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

const same = (value: string): string => value;

export const textCasts: FunctionTable = {
  scalar: {
    char_text: textOfByteCharacter,
    char_bpchar: textOfByteCharacter,
    name_text: same,
    name_bpchar: same,
    text_char: firstCharacter,
    text_name: truncateName,
    bpchar_name: (value: string) => truncateName(trimTrailingBlanks(value)),
    booltext: (value: boolean) => (value ? 'true' : 'false'),
    text_regclass: (value: string, cx: FunctionContext) => {
      assert(cx.format.names !== undefined, 'a session has a catalog');
      return regOidOf('regclass', value, cx.format);
    },
  },
};
