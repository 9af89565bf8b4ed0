// What buckets tell of their objects, led to queues and functions.
import type { ObjectEvent } from '../emulators/buckets.ts'
import type { AsynchronousInvoker } from '../functions/asynchronous.ts'
import { isMeant, notificationMessage, notificationsOf, testMessage } from '../sources/bucket-notifications.ts'
import type { Stack } from '../template/stack.ts'

/** Sends each queue S3's test message; what it returns hands an object's event to whomever it is meant for. */
export const startNotifications = (
  stack: Stack,
  sendToQueue: (queueName: string, body: string) => void,
  { invoke }: Pick<AsynchronousInvoker, 'invoke'>,
): ((event: ObjectEvent) => void) => {
  const notifications = notificationsOf(stack)
  for (const { bucket, target } of notifications)
    if (target.kind === 'queue') sendToQueue(target.name, JSON.stringify(testMessage(bucket)))
  return (event) => {
    for (const notification of notifications.filter((each) => isMeant(each, event))) {
      const message = notificationMessage(notification, event)
      if (notification.target.kind === 'queue') sendToQueue(notification.target.name, JSON.stringify(message))
      else invoke(notification.target.name, message)
    }
  }
}
