import type { LabelVariant, QueryLevel } from '../../../types/extensions/lquery.js';
import { labelsOf } from '../../../types/extensions/ltree.js';
import type { TextCondition } from '../../../types/extensions/ltxtquery.js';
import { lowerCase } from '../../../types/letter-case.js';

/** Does a label fit one variant of a pattern? */
function fits(label: string, variant: LabelVariant): boolean {
  const have = variant.anyCase ? lowerCase(label) : label;
  const wanted = variant.anyCase ? lowerCase(variant.word) : variant.word;
  if (variant.words) return fitsWords(have.split('_'), wanted.split('_'), variant.anyEnd);
  return variant.anyEnd ? have.startsWith(wanted) : have === wanted;
}

/** The wanted words, one after the other, somewhere among the label's. */
function fitsWords(have: readonly string[], wanted: readonly string[], anyEnd: boolean): boolean {
  const words = have.filter((word) => word !== '');
  const sought = wanted.filter((word) => word !== '');
  let at = 0;
  for (const word of sought) {
    while (at < words.length && !(anyEnd ? words[at]?.startsWith(word) : words[at] === word)) at++;
    if (at >= words.length) return false;
    at++;
  }
  return true;
}

function fitsLevel(label: string, level: QueryLevel): boolean {
  if (level.variants.length === 0) return true;
  return level.variants.some((variant) => fits(label, variant)) !== level.negated;
}

/** Each level takes between its low and its high number of labels, all of them together the whole path. */
export function matchesLevels(path: string, levels: readonly QueryLevel[]): boolean {
  const labels = labelsOf(path);
  // reached[i]: the levels so far can take the first i labels.
  let reached = new Set([0]);
  for (const level of levels) {
    const next = new Set<number>();
    for (const start of reached) {
      for (let taken = 0; taken <= level.high; taken++) {
        if (taken >= level.low) next.add(start + taken);
        const label = labels[start + taken];
        if (label === undefined || !fitsLevel(label, level)) break;
      }
    }
    for (const end of next) if (end > labels.length) next.delete(end);
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(labels.length);
}

export function matchesCondition(path: string, node: TextCondition): boolean {
  switch (node.kind) {
    case 'word':
      return labelsOf(path).some((label) => fits(label, node));
    case 'not':
      return !matchesCondition(path, node.arg);
    case 'and':
      return matchesCondition(path, node.left) && matchesCondition(path, node.right);
    case 'or':
      return matchesCondition(path, node.left) || matchesCondition(path, node.right);
  }
}
