//! The write-once bucket and the key that signs.

use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, DefaultRetention, ObjectLockConfiguration,
    ObjectLockEnabled, ObjectLockRetentionMode, ObjectLockRule,
};
use serde_json::json;

use super::Deployment;
use crate::{EmulatorError, call, clients::REGION};

impl Deployment {
    pub(super) async fn vault(&self) -> Result<(), EmulatorError> {
        let bucket = self.vault_bucket();
        let s3 = &self.clients.s3;
        let failed = || format!("the bucket {bucket}");
        let region = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(REGION))
            .build();
        s3.create_bucket()
            .bucket(&bucket)
            .create_bucket_configuration(region)
            .object_lock_enabled_for_bucket(true)
            .send()
            .await
            .map_err(call(failed()))?;
        let retention = DefaultRetention::builder()
            .mode(ObjectLockRetentionMode::Governance)
            .days(1)
            .build();
        let lock = ObjectLockConfiguration::builder()
            .object_lock_enabled(ObjectLockEnabled::Enabled)
            .rule(
                ObjectLockRule::builder()
                    .default_retention(retention)
                    .build(),
            )
            .build();
        s3.put_object_lock_configuration()
            .bucket(&bucket)
            .object_lock_configuration(lock)
            .send()
            .await
            .map_err(call(failed()))?;
        let key = &self.manifest.seal_key;
        let made = json!({ "KeySpec": key.spec, "KeyUsage": key.usage });
        let target = |action: &str| format!("TrentService.{action}");
        let made = self
            .service("kms", "/", &[("X-Amz-Target", &target("CreateKey"))], &made)
            .await?;
        let alias = json!({
            "AliasName": self.resolve(&key.alias), "TargetKeyId": made["KeyMetadata"]["KeyId"],
        });
        self.service(
            "kms",
            "/",
            &[("X-Amz-Target", &target("CreateAlias"))],
            &alias,
        )
        .await?;
        Ok(())
    }

    /// The vault's bucket.
    #[must_use]
    pub fn vault_bucket(&self) -> String {
        self.resolve(&self.manifest.vault_bucket)
    }

    /// The journal's table.
    #[must_use]
    pub fn table(&self) -> String {
        self.resolve(&self.manifest.table.name)
    }
}
