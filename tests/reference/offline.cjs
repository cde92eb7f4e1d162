// Loaded into the reference before its own code. Answers "there is no such stack yet" in place of AWS, which the
// reference asks about each layer of an earlier deployment: what it packages for a first deployment is what we record.
'use strict';
const path = require('path');

const layers = path.join(process.env.REFERENCE_ROOT, 'lib/plugins/aws/package/compile/layers.js');
require(layers).prototype.compareWithLastLayer = async () => {};
