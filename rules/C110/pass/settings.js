module.exports = { kind: 'small' };
