import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { FIRST_USER_OID } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DataTypeDef, DropRoutineStatement, RoutineRef } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult } from '../context.js';
import { dropUse } from '../extensions/drop.js';
import type { ExtensionUse } from '../extensions/uses.js';
import { catalogOf, lockName, nameText } from '../names.js';
import { notice } from '../notices.js';
import { findProc, requireRoutineOwner, signature } from './find.js';
import { describeRoutine, usesOfRoutines } from './uses.js';

/** DROP FUNCTION, PROCEDURE, ROUTINE and AGGREGATE. */
export async function dropRoutines(statement: DropRoutineStatement, cx: UtilityContext): Promise<UtilityResult> {
  const targets: RoutineDescriptor[] = [];
  for (const ref of statement.routines) {
    const routine = target(ref, statement, cx);
    if (routine === undefined) continue;
    await lockName('routine', `${routine.schema} ${routine.name}`, cx);
    targets.push(catalogOf(cx).routine(routine.oid) ?? routine);
  }
  await dropWithUses(
    targets.length === 1 && targets[0] !== undefined ? describeRoutine(targets[0], cx) : 'desired object(s)',
    usesOfRoutines(targets, cx),
    statement.cascade === true,
    cx,
  );
  for (const routine of targets) cx.session.catalog.remove(cx.transaction, 'routine', routine.oid);
  return { tag: `DROP ${statement.objectType.toUpperCase()}` };
}

/** Takes what uses an object away, or refuses. @throws SqlError 2BP01 */
export async function dropWithUses(what: string, uses: readonly ExtensionUse[], cascade: boolean, cx: UtilityContext): Promise<void> {
  if (uses.length === 0) return;
  if (!cascade) {
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${what} because other objects depend on it`, {
      detail: uses
        .slice(0, 100)
        .map(({ text, on }) => `${text} depends on ${on}`)
        .join('\n'),
      hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
    });
  }
  const [first] = uses;
  if (uses.length === 1 && first !== undefined) notice(cx, `drop cascades to ${first.text}`);
  else notice(cx, `drop cascades to ${uses.length} other objects`, uses.map(({ text }) => `drop cascades to ${text}`).join('\n'));
  for (const use of uses) await dropUse(use, cx);
}

function target(ref: RoutineRef, statement: DropRoutineStatement, cx: UtilityContext): RoutineDescriptor | undefined {
  const { objectType } = statement;
  const missingOk = statement.ifExists === true;
  const found = missingOk ? findUnlessMissing(ref, statement, cx) : findProc(ref, objectType, cx);
  if (found === undefined) return undefined;
  if (found.oid < FIRST_USER_OID) {
    throw new SqlError(
      SqlState.dependentObjectsStillExist,
      `cannot drop function ${signature(found.name, found.argTypes, cx).replaceAll(', ', ',')} because it is required by the database system`,
    );
  }
  const routine = catalogOf(cx).routine(found.oid);
  if (routine === undefined) return undefined;
  requireRoutineOwner(routine, cx, nameText(ref.name));
  return routine;
}

/** IF EXISTS: what is missing is told; so are missing types and schemas. */
function findUnlessMissing(ref: RoutineRef, { objectType }: DropRoutineStatement, cx: UtilityContext) {
  try {
    const found = findProc(ref, objectType, cx, true);
    if (found === undefined) {
      const types = (ref.arguments ?? []).filter(({ mode }) => mode !== 'out' && mode !== 'table').map(({ dataType }) => dataType);
      const shown = types.map((type) => writtenType(type)).join(',');
      const what = objectType === 'routine' ? 'routine' : objectType;
      notice(cx, `${what} ${nameText(ref.name)}(${objectType === 'aggregate' && shown === '' ? '*' : shown}) does not exist, skipping`);
    }
    return found;
  } catch (error) {
    if (!(error instanceof SqlError) || (error.code !== SqlState.undefinedObject && error.code !== SqlState.invalidSchemaName)) throw error;
    notice(cx, `${error.message}, skipping`);
    return undefined;
  }
}

/** As the grammar has it: what it spells itself is in pg_catalog. */
export function writtenType({ schema, name, arrayDimensions }: DataTypeDef): string {
  return `${schema === undefined ? name : `${schema}.${name}`}${arrayDimensions ? '[]' : ''}`;
}
