import type { AvailableExtension } from '../../../catalog/builtin/index.js';
import { type Row, SqlArray } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

function versionsOf({ defaultVersion, otherVersions, ...extension }: AvailableExtension): readonly Row[] {
  return [...otherVersions, defaultVersion].map((version) => [
    extension.name,
    version,
    extension.superuser,
    extension.trusted,
    extension.relocatable,
    extension.schema ?? null,
    extension.requires === undefined ? null : new SqlArray(extension.requires),
    extension.comment,
  ]);
}

const availableIn = (cx: FunctionContext) => cx.catalog.builtin.availableExtensions();

/** What the views pg_available_extensions and pg_available_extension_versions are made of. */
export const extensionFunctions: FunctionTable = {
  set: {
    pg_available_extensions: (_args, cx) => availableIn(cx).map(({ name, defaultVersion, comment }) => [name, defaultVersion, comment]),
    pg_available_extension_versions: (_args, cx) => availableIn(cx).flatMap(versionsOf),
    pg_extension_update_paths: (args, cx) => {
      const extension = availableIn(cx).find(({ name }) => name === args[0]);
      const versions = extension === undefined ? [] : [...extension.otherVersions, extension.defaultVersion];
      return versions.flatMap((from, i) =>
        versions.filter((to) => to !== from).map((to): Row => [from, to, versions.indexOf(to) > i ? `${from}--${to}` : null]),
      );
    },
  },
};
