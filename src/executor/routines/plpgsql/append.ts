import { checkMade } from '../../../types/array/operations.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import type { Activation } from './activation.js';

/** The variable holds an array that an element can be put behind. */
export function canAppend(a: Activation, variable: number): boolean {
  const current = a.slots[variable];
  return current instanceof SqlArray && current.dimensions.length === 1;
}

/** `variable := variable || element`. @returns false where the array is not one to append to */
export function appendInPlace(a: Activation, variable: number, element: SqlValue): boolean {
  const current = a.slots[variable];
  if (!(current instanceof SqlArray) || current.dimensions.length !== 1) return false;
  const length = current.elements.length;
  checkMade(length + 1);
  const owned = a.owned(variable);
  const elements = owned?.array === current ? owned.elements : [...current.elements];
  elements.push(element);
  a.own(variable, { array: new SqlArray(elements, [length + 1], current.lowerBounds), elements });
  return true;
}
