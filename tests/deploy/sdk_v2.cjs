// Loaded into Serverless Framework v3 before its own code: its AWS SDK v2 knows no variable for the endpoint.
'use strict';
const path = require('path');

const AWS = require(require.resolve('aws-sdk', { paths: [path.join(process.env.REFERENCE_ROOT, 'lib')] }));
AWS.config.update({ endpoint: process.env.AWS_ENDPOINT_URL, s3ForcePathStyle: true });
