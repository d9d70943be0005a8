// Its thread ends before it has got a client.
setTimeout(() => process.exit(3), 20)

export default (_, response) => response.send(200)
