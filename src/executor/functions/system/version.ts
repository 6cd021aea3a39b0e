/** KalamDB's own version, as in package.json. */
export const KALAMDB_VERSION = '0.1.0';
