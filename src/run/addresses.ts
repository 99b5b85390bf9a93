// Addresses for those above `run/`, who do not reach down to the transport.

export { formatAddress, parseAddress } from '../transport/network/address.js'
