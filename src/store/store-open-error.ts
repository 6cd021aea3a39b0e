/** Why a store can't be opened, as one sentence for the person who starts the server. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}
