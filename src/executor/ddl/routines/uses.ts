import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type { CastDescriptor, OperatorDescriptor, RoutineDescriptor } from '../../../catalog/descriptors.js';
import { inputParameters } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import { callsOf } from '../extensions/calls.js';
import type { ExtensionUse } from '../extensions/uses.js';
import { catalogOf, describeRelation } from '../names.js';
import { shownType } from './find.js';

/** What depends on routines and operators, as DROP lists it. */

/** `function f(integer,text)`, whatever kind of routine it is. */
export function describeRoutine(routine: RoutineDescriptor, cx: UtilityContext): string {
  const types = inputParameters(routine).map(({ type }) => shownType(type, cx));
  return `function ${visibleName(routine, cx)}(${types.join(',')})`;
}

function visibleName(routine: RoutineDescriptor, cx: UtilityContext): string {
  const catalog = catalogOf(cx);
  const types = inputParameters(routine).map(({ type }) => type);
  const quoted = { schema: routine.schema, name: quoteIdentifier(routine.name) };
  for (const schema of cx.planner.searchPath) {
    const same = catalog.routinesNamed(schema, routine.name).find((other) => {
      const others = inputParameters(other);
      return others.length === types.length && others.every(({ type }, i) => type === types[i]);
    });
    if (same !== undefined) return same.oid === routine.oid ? quoteIdentifier(routine.name) : qualified(quoted, cx);
  }
  return qualified(quoted, cx);
}

function qualified({ schema, name }: { readonly schema: Oid; readonly name: string }, cx: UtilityContext): string {
  return `${catalogOf(cx).schemaByOid(schema)?.name ?? ''}.${name}`;
}

/** `operator ===(integer,integer)` */
export function describeOperator(operator: OperatorDescriptor, cx: UtilityContext): string {
  const isVisible = cx.planner.searchPath.includes(operator.schema);
  const name = isVisible ? operator.name : qualified(operator, cx);
  return `operator ${name}(${[operator.left, operator.right].map((type) => (type === 0 ? 'NONE' : shownType(type, cx))).join(',')})`;
}

export function describeCast({ source, target }: CastDescriptor, cx: UtilityContext): string {
  return `cast from ${shownType(source, cx)} to ${shownType(target, cx)}`;
}

const NO_CLASSES = { opclasses: [] } as const;
const NO_TYPES: ReadonlyMap<Oid, Oid> = new Map();

/** All that would go with these routines, what depends on it in turn behind it. */
export function usesOfRoutines(routines: readonly RoutineDescriptor[], cx: UtilityContext): readonly ExtensionUse[] {
  const catalog = catalogOf(cx);
  const doomed = new Set(routines.map(({ oid }) => oid));
  const uses: ExtensionUse[] = [];
  const seen = new Set<string>();
  const add = (key: string, use: ExtensionUse): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    uses.push(use);
    return true;
  };
  const queue = [...routines];
  for (let routine = queue.shift(); routine !== undefined; routine = queue.shift()) {
    const { oid } = routine;
    const on = describeRoutine(routine, cx);
    for (const operator of catalog.operators()) {
      if (operator.routine === oid || operator.restrict === oid || operator.join === oid) {
        add(`operator ${operator.oid}`, { kind: 'operator', oid: operator.oid, text: describeOperator(operator, cx), on });
      }
    }
    for (const cast of catalog.casts()) {
      if (cast.routine === oid) add(`cast ${cast.oid}`, { kind: 'cast', oid: cast.oid, text: describeCast(cast, cx), on });
    }
    for (const other of catalog.routines()) {
      if (doomed.has(other.oid) || !dependsOnRoutine(other, oid)) continue;
      if (!add(`routine ${other.oid}`, { kind: 'routine', oid: other.oid, text: describeRoutine(other, cx), on })) continue;
      doomed.add(other.oid);
      queue.push(other);
    }
    const planner = { ...cx.planner, keepsCalls: true };
    const isHidden = [...catalog.operators(), ...catalog.casts()].some((other) => other.routine === oid);
    // A name that must be quoted is written with its quotes doubled.
    const wanted = {
      objects: NO_CLASSES,
      procs: new Set([oid]),
      types: NO_TYPES,
      ...(isHidden ? {} : { name: routine.name.replaceAll('"', '""') }),
    };
    for (const relation of [...catalog.relations()]) {
      for (const trigger of 'triggers' in relation ? [...(relation.triggers ?? [])].sort((a, b) => a.oid - b.oid) : []) {
        const text = `trigger ${trigger.name} on ${describeRelation(relation, cx)}`;
        if (trigger.routine === oid) add(`trigger ${trigger.oid}`, { kind: 'trigger', table: relation.oid, oid: trigger.oid, text, on });
      }
      for (const call of callsOf(relation, wanted, { ...cx, planner })) {
        if (!add(call.key, call.use)) continue;
        if (call.use.kind === 'relation') addViewsOver(call.use.oid, add, cx);
      }
    }
  }
  return uses;
}

function dependsOnRoutine({ dependsOn, aggregate }: RoutineDescriptor, oid: Oid): boolean {
  if (dependsOn.includes(oid)) return true;
  return (
    aggregate !== undefined &&
    [
      aggregate.transition,
      aggregate.final,
      aggregate.combine,
      aggregate.serialize,
      aggregate.deserialize,
      aggregate.movingTransition,
      aggregate.movingInverse,
      aggregate.movingFinal,
    ].includes(oid)
  );
}

function addViewsOver(read: Oid, add: (key: string, use: ExtensionUse) => boolean, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const below = catalog.relationByOid(read);
  for (const view of catalog.dependentViews(read)) {
    const relation = catalog.relationByOid(view);
    if (relation === undefined || below === undefined) continue;
    const use = {
      kind: 'relation',
      table: view,
      oid: view,
      text: describeRelation(relation, cx),
      on: describeRelation(below, cx),
    } as const;
    if (add(`relation ${view}`, use)) addViewsOver(view, add, cx);
  }
}
