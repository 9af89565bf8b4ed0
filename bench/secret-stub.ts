// Stands in for Secrets Manager: answers every request with the one secret that it was started with. A process of its own, so
// that its work is not counted with that of a handler. Arguments: the secret. Tells its port to its parent, and ends with it.
import { createServer } from 'node:http'

const [, , secret = ''] = process.argv
const answer = JSON.stringify({ ARN: 'arn', Name: 'secret', VersionId: '1', SecretString: secret, CreatedDate: 0 })

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())
