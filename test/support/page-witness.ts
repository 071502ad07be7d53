/**
 * Code of a page that resolves when the browser has opened the storage of its origin and the outbox in it. Until then there is only
 * memory: a matter of 20 ms, but of a second where a busy disk has to create the files or to mend them after a kill. That the outbox is listed
 * (`indexedDB.databases()`) says only that it exists.
 *
 * It leaves a witness of `round` in a database of the test's own, and resolves with the rounds whose witnesses it found. A browser that
 * loses them has lost the storage of the origin, and with it whatever a page had put there.
 */
export const witnessed = (round: string): string => `(async () => {
  let outboxName
  while (!outboxName) outboxName = (await indexedDB.databases()).find(({ name }) => name.startsWith('pharos '))?.name
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const outbox = await done(indexedDB.open(outboxName))
  await done(outbox.transaction('outbox').objectStore('outbox').count())
  outbox.close()
  const opening = indexedDB.open('witness', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('rounds')
  const witness = await done(opening)
  const transaction = witness.transaction('rounds', 'readwrite')
  const found = done(transaction.objectStore('rounds').getAllKeys())
  transaction.objectStore('rounds').put(true, Number(${round}))
  await new Promise((resolve) => { transaction.oncomplete = resolve })
  witness.close()
  return found
})()`
