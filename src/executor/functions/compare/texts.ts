import { compareText, trimTrailingBlanks } from '../../../types/text.js';
import type { FunctionTable } from '../table.js';

/** text, varchar, name, "char" in code-point order; char(n) without its padding. */
const eq = (a: string, b: string): boolean => a === b;
const ne = (a: string, b: string): boolean => a !== b;
const lt = (a: string, b: string): boolean => compareText(a, b) < 0;
const le = (a: string, b: string): boolean => compareText(a, b) <= 0;
const gt = (a: string, b: string): boolean => compareText(a, b) > 0;
const ge = (a: string, b: string): boolean => compareText(a, b) >= 0;

function comparePadded(a: string, b: string): number {
  return compareText(trimTrailingBlanks(a), trimTrailingBlanks(b));
}
const paddedLt = (a: string, b: string): boolean => comparePadded(a, b) < 0;
const paddedLe = (a: string, b: string): boolean => comparePadded(a, b) <= 0;
const paddedGt = (a: string, b: string): boolean => comparePadded(a, b) > 0;
const paddedGe = (a: string, b: string): boolean => comparePadded(a, b) >= 0;

export const textComparisons: FunctionTable = {
  scalar: {
    texteq: (a: string, b: string) => a === b,
    textne: (a: string, b: string) => a !== b,
    text_lt: (a: string, b: string) => compareText(a, b) < 0,
    text_le: (a: string, b: string) => compareText(a, b) <= 0,
    text_gt: (a: string, b: string) => compareText(a, b) > 0,
    text_ge: (a: string, b: string) => compareText(a, b) >= 0,
    bttextcmp: compareText,
    text_larger: (a: string, b: string) => (compareText(a, b) > 0 ? a : b),
    text_smaller: (a: string, b: string) => (compareText(a, b) < 0 ? a : b),
    text_pattern_lt: lt,
    text_pattern_le: le,
    text_pattern_gt: gt,
    text_pattern_ge: ge,
    bttext_pattern_cmp: compareText,

    nameeq: eq,
    namene: ne,
    namelt: lt,
    namele: le,
    namegt: gt,
    namege: ge,
    btnamecmp: compareText,
    nameeqtext: eq,
    namenetext: ne,
    namelttext: lt,
    nameletext: le,
    namegttext: gt,
    namegetext: ge,
    btnametextcmp: compareText,
    texteqname: eq,
    textnename: ne,
    textltname: lt,
    textlename: le,
    textgtname: gt,
    textgename: ge,
    bttextnamecmp: compareText,

    chareq: eq,
    charne: ne,
    charlt: lt,
    charle: le,
    chargt: gt,
    charge: ge,
    btcharcmp: compareText,

    bpchareq: (a: string, b: string) => a === b || trimTrailingBlanks(a) === trimTrailingBlanks(b),
    bpcharne: (a: string, b: string) => a !== b && trimTrailingBlanks(a) !== trimTrailingBlanks(b),
    bpcharlt: paddedLt,
    bpcharle: paddedLe,
    bpchargt: paddedGt,
    bpcharge: paddedGe,
    bpcharcmp: comparePadded,
    bpchar_larger: (a: string, b: string) => (comparePadded(a, b) >= 0 ? a : b),
    bpchar_smaller: (a: string, b: string) => (comparePadded(a, b) <= 0 ? a : b),
    bpchar_pattern_lt: paddedLt,
    bpchar_pattern_le: paddedLe,
    bpchar_pattern_gt: paddedGt,
    bpchar_pattern_ge: paddedGe,
    btbpchar_pattern_cmp: comparePadded,
  },
};
