// What an officer has done and could not send yet, with its photo, in the browser's own database: a reload or a flat battery loses nothing.

export type State = 'waiting' | 'sending' | 'sent' | 'refused';

export interface Entry {
  /** The idempotency key: given once, so that what arrives twice is done once. */
  key: string;
  /** Whose it is: nobody sends another's report under his own name. */
  account: string;
  /** Where it goes, with its fields. */
  url: string;
  /** What it is, for the list. */
  title: string;
  photo: Blob | null;
  madeAt: number;
  state: State;
  /** The number that was given, or why it was refused. */
  said: string;
  /** Which showing of the page it was made on: what was sent from it is not among its tasks any more. */
  page?: string;
}

const NAME = 'jh-field';
const STORE = 'queue';

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'key' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('the queue cannot be opened'));
  });
}

/** Runs `work` in a transaction, and answers once it is durable. */
async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = base.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('the queue was not written'));
    });
  } finally {
    base.close();
  }
}

export const keep = (entry: Entry) => within('readwrite', (store) => store.put(entry));
export const drop = (key: string) => within('readwrite', (store) => store.delete(key));

/** All entries of an account, oldest first. */
export async function entries(account: string): Promise<Entry[]> {
  const all = (await within('readonly', (store) => store.getAll())) as Entry[];
  return all.filter((entry) => entry.account === account).sort((one, other) => one.madeAt - other.madeAt);
}
