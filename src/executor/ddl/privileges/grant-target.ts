import type { Acl } from '../../../catalog/acl.js';
import { bornObject, bornProc } from '../../../catalog/born-privileges.js';
import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import type { Descriptor } from '../../../catalog/descriptors.js';
import type { AclKind } from '../../../catalog/privileges.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** An object that privileges are granted on. */
export interface GrantTarget {
  readonly kind: AclKind;
  /** As in `permission denied for table …`. */
  readonly word: string;
  readonly name: string;
  readonly owner: Oid;
  /** Undefined: the default. */
  readonly acl: Acl | undefined;
  save(acl: Acl): void;
}

/** What the statement names, before it waits for others who change the same. */
export interface FoundTarget {
  readonly lock: string;
  /** As it is now. */
  again(): GrantTarget;
}

type WithAcl = Extract<Descriptor, { kind: 'schema' | 'database' | 'type' | 'routine' | 'composite' }>;

/** An object with a descriptor. @param current the object as it is after a wait */
export function described(
  object: WithAcl,
  kind: AclKind,
  word: string,
  current: () => WithAcl | undefined,
  cx: UtilityContext,
): FoundTarget {
  return {
    lock: `${object.kind} ${object.oid}`,
    again: () => {
      const now = current() ?? object;
      return {
        kind,
        word,
        name: now.name,
        owner: now.owner,
        acl: now.acl,
        save: (acl) => cx.session.catalog.put(cx.transaction, { ...now, acl }),
      };
    },
  };
}

/** One without: a language, a type of PostgreSQL's own. */
export function born(catalog: Oid, object: Oid, kind: AclKind, name: string, cx: UtilityContext): FoundTarget {
  return {
    lock: `${catalog} ${object}`,
    again: () => ({
      kind,
      word: kind,
      name,
      ...stored(bornObject(catalogOf(cx), catalog, object)),
      save: (acl) => saveBorn(catalog, object, { acl }, cx),
    }),
  };
}

/** A function of PostgreSQL's own, or of an extension. */
export function bornRoutine(proc: BuiltinProc, cx: UtilityContext): FoundTarget {
  return {
    lock: `routine ${proc.oid}`,
    again: () => ({
      kind: 'routine',
      word: 'function',
      name: proc.name,
      ...stored(bornProc(catalogOf(cx), proc)),
      save: (acl) => saveBorn(CatalogOid.pgProc, proc.oid, { acl }, cx),
    }),
  };
}

function stored({ owner, acl }: { readonly owner: Oid; readonly acl?: Acl | undefined }) {
  return { owner, acl };
}

/** Privileges on what has no descriptor to note them in. */
export function saveBorn(
  catalog: Oid,
  object: Oid,
  changed: { readonly acl?: Acl; readonly columns?: Readonly<Record<number, Acl>> },
  cx: UtilityContext,
): void {
  const before = catalogOf(cx).objectPrivileges(catalog, object);
  const oid = before?.oid ?? cx.session.catalog.allocateOid();
  cx.session.catalog.put(cx.transaction, { kind: 'object privileges', oid, catalog, object, ...before, ...changed });
}
