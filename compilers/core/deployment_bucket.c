/* The bucket that artifacts are deployed through, unless the user has one, and its policy: TLS only. */
#include "core.h"

static struct value *encryption(struct arena *a) {
	return MAP(a, { "ServerSideEncryptionConfiguration", LIST(a, MAP(a,
		{ "ServerSideEncryptionByDefault", MAP(a, { "SSEAlgorithm", TEXT("AES256") }) },
	)) });
}

static struct value *no_public_access(struct arena *a) {
	struct value *yes = value_bool(a, true);

	return MAP(a,
		{ "BlockPublicAcls", yes },
		{ "BlockPublicPolicy", yes },
		{ "IgnorePublicAcls", yes },
		{ "RestrictPublicBuckets", yes },
	);
}

static void add_bucket(const struct service *service, struct template *t) {
	struct arena *a = t->arena;
	const struct value *settings = service->bucket_settings, *tags = value_entries(a, map_get(settings, "tags"));

	template_add(t, ID_DEPLOYMENT_BUCKET, "AWS::S3::Bucket", MAP(a,
		{ "BucketEncryption", encryption(a) },
		{ "Tags", map_first(tags) ? tag_list(a, tags) : NULL },
		{ "PublicAccessBlockConfiguration",
			is_truthy(map_get(settings, "blockPublicAccess")) ? no_public_access(a) : NULL },
		{ "VersioningConfiguration", is_truthy(map_get(settings, "versioning")) ?
			MAP(a, { "Status", TEXT("Enabled") }) : NULL },
	));
}

static struct value *bucket_arn(struct arena *a, const char *objects) {
	return fn_join(a, "", LIST(a,
		TEXT("arn:"),
		fn_ref(a, "AWS::Partition"),
		TEXT(":s3:::"),
		fn_ref(a, ID_DEPLOYMENT_BUCKET),
		objects ? value_string(a, objects) : NULL,
	));
}

static void add_policy(struct template *t) {
	struct arena *a = t->arena;

	template_add(t, ID_DEPLOYMENT_BUCKET_POLICY, "AWS::S3::BucketPolicy", MAP(a,
		{ "Bucket", fn_ref(a, ID_DEPLOYMENT_BUCKET) },
		{ "PolicyDocument", MAP(a, { "Statement", LIST(a, MAP(a,
			{ "Action", TEXT("s3:*") },
			{ "Effect", TEXT("Deny") },
			{ "Principal", TEXT("*") },
			{ "Resource", LIST(a, bucket_arn(a, "/*"), bucket_arn(a, NULL)) },
			{ "Condition", MAP(a, { "Bool", MAP(a, { "aws:SecureTransport", value_bool(a, false) }) }) },
		)) }) },
	));
}

struct value *artifact_bucket(const struct service *service, struct arena *a) {
	return service->deployment_bucket ? given(service->deployment_bucket) : fn_ref(a, ID_DEPLOYMENT_BUCKET);
}

void compile_deployment_bucket(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;

	if (!service->deployment_bucket) {
		add_bucket(service, t);
		if (!is_truthy(map_get(service->bucket_settings, "skipPolicySetup"))) {
			add_policy(t);
		}
	}
	template_output(t, ID_DEPLOYMENT_BUCKET_NAME, MAP(t->arena,
		{ "Value", artifact_bucket(service, t->arena) },
	));
}
