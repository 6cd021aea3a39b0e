import type { Row, SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';

/** A compiled expression: synchronous, allocates nothing of its own. */
export type Evaluator = (row: Row, frame: Frame) => SqlValue;

/** A condition: only true passes. */
export type Predicate = (row: Row, frame: Frame) => boolean;
