// What this host has of its own; all else is as the library has it.
module.exports = {
  43: { ContentType: 'ans', Label: 'Card acceptor name and place', LenType: 'llvar', MaxLen: 60 },
  48: { ContentType: 'ans', Label: 'Private data, more of it', LenType: 'llllvar', MaxLen: 9999 },
  62: { ContentType: 'an', Label: 'Invoice', LenType: 'fixed', MaxLen: 10 },
}
