import type { Row } from '../../../types/value.js';
import type { ExtensionObjects } from '../../builtin/index.js';
import type { ExtensionDescriptor } from '../../descriptors.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';
import { array } from '../values.js';

export const EXTENSION_PROVIDERS: Providers = {
  'pg_catalog.pg_extension': extensions,
  'pg_catalog.pg_available_extensions': availableExtensions,
  'pg_catalog.pg_available_extension_versions': availableVersions,
};

function* extensions(scan: VirtualScan): Iterable<Row> {
  const available = new Map(scan.catalog.builtin.availableExtensions().map((extension) => [extension.name, extension]));
  for (const extension of scan.catalog.extensions())
    yield [
      extension.oid,
      extension.name,
      extension.owner,
      extension.schema,
      available.get(extension.name)?.relocatable ?? false,
      extension.version,
      null, // extconfig
      null, // extcondition
    ];
}

function* availableExtensions(scan: VirtualScan): Iterable<Row> {
  for (const { name, defaultVersion, comment } of scan.catalog.builtin.availableExtensions())
    yield [name, defaultVersion, scan.catalog.extension(name)?.version ?? null, comment];
}

function* availableVersions(scan: VirtualScan): Iterable<Row> {
  for (const extension of scan.catalog.builtin.availableExtensions()) {
    const installed = scan.catalog.extension(extension.name)?.version;
    for (const version of [...extension.otherVersions, extension.defaultVersion])
      yield [
        extension.name,
        version,
        version === installed,
        extension.superuser,
        extension.trusted,
        extension.relocatable,
        extension.schema ?? null,
        extension.requires === undefined ? null : array(extension.requires),
        extension.comment,
      ];
  }
}

/** pg_depend: an extension on its schema, its objects on the extension. */
export function* extensionDependencies(scan: VirtualScan): Iterable<Row> {
  const referenced = scan.number('refclassid');
  if (referenced !== undefined && referenced !== CatalogOid.pgExtension && referenced !== CatalogOid.pgNamespace) return;
  const referencedObject = scan.number('refobjid');
  const classOid = scan.number('classid');
  for (const extension of scan.catalog.extensions()) {
    if (classOid === undefined || classOid === CatalogOid.pgExtension)
      yield [CatalogOid.pgExtension, extension.oid, 0, CatalogOid.pgNamespace, extension.schema, 0, 'n'];
    if (referencedObject !== undefined && referencedObject !== extension.oid) continue;
    yield* members(scan, extension, classOid);
    if (classOid !== undefined && classOid !== CatalogOid.pgClass) continue;
    for (const relation of scan.catalog.relations())
      if (relation.kind === 'view' && relation.extension === extension.oid)
        yield [CatalogOid.pgClass, relation.oid, 0, CatalogOid.pgExtension, extension.oid, 0, 'e'];
  }
}

/** The catalogs that an extension's objects stand in. Arrays and the entries of operator families depend on these only indirectly. */
const MEMBERS: readonly (readonly [keyof ExtensionObjects, number])[] = [
  ['types', CatalogOid.pgType],
  ['procs', CatalogOid.pgProc],
  ['operators', CatalogOid.pgOperator],
  ['casts', CatalogOid.pgCast],
  ['accessMethods', CatalogOid.pgAm],
  ['opfamilies', CatalogOid.pgOpfamily],
  ['opclasses', CatalogOid.pgOpclass],
];

function* members(scan: VirtualScan, extension: ExtensionDescriptor, classOid: number | undefined): Iterable<Row> {
  const objects = scan.catalog.builtin.extensionObjects(extension.name, extension.schema);
  if (objects === undefined) return;
  for (const [kind, catalog] of MEMBERS) {
    if (classOid !== undefined && classOid !== catalog) continue;
    for (const object of objects[kind])
      if ('oid' in object && !('isArray' in object && object.isArray))
        yield [catalog, object.oid, 0, CatalogOid.pgExtension, extension.oid, 0, 'e'];
  }
}
