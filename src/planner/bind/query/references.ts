import type { SelectStatement, With } from '../../parse/ast.js';
import type { ChangeStatement } from '../state.js';

/** Where in a statement a WITH query of some name is read, found in the syntax tree before anything is bound. */
export interface CteUse {
  readonly location: number | undefined;
  /** What stands around it that a recursive reference may not be in; undefined: nothing. */
  readonly within: 'a subquery' | 'an outer join' | 'INTERSECT' | 'EXCEPT' | undefined;
}

/** All uses, including those that a WITH of a part hides: callers only need to know that there are no more than these. */
export function usesOfCte(root: SelectStatement | ChangeStatement | With | undefined, name: string): CteUse[] {
  const uses: CteUse[] = [];
  collect(root, name, undefined, uses);
  return uses;
}

function collect(value: unknown, name: string, within: CteUse['within'], uses: CteUse[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, name, within, uses);
    return;
  }
  const type = 'type' in value ? value.type : undefined;
  if (type === 'table') {
    if (isNamed(value, name)) uses.push({ location: startOf(value), within });
    return;
  }
  for (const [key, part] of Object.entries(value)) collect(part, name, contextOf(value, type, key) ?? within, uses);
}

function contextOf(node: object, type: unknown, key: string): CteUse['within'] {
  switch (type) {
    case 'subquery':
    case 'exists':
    case 'array select':
      return 'a subquery';
    case 'join': {
      const joinType = 'joinType' in node ? node.joinType : undefined;
      const nullable = (key === 'right' && joinType === 'LEFT') || (key === 'left' && joinType === 'RIGHT') || joinType === 'FULL';
      return nullable && (key === 'left' || key === 'right') ? 'an outer join' : undefined;
    }
    case 'set operation': {
      const op = 'op' in node ? node.op : undefined;
      if (op === 'INTERSECT' && 'all' in node && (key === 'left' || key === 'right')) return 'INTERSECT';
      if (op === 'EXCEPT' && (key === 'right' || (key === 'left' && 'all' in node))) return 'EXCEPT';
      return undefined;
    }
    default:
      return undefined;
  }
}

function isNamed(table: object, name: string): boolean {
  if (!('name' in table)) return false;
  const { name: qualified } = table;
  return typeof qualified === 'object' && qualified !== null && 'name' in qualified && qualified.name === name && !('schema' in qualified);
}

function startOf(node: object): number | undefined {
  const location = '_location' in node ? node._location : undefined;
  if (typeof location !== 'object' || location === null || !('start' in location)) return undefined;
  return typeof location.start === 'number' ? location.start : undefined;
}
