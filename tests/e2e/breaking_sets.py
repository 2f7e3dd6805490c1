"""Ways to break the configuration set that a pool's mail passes through."""

from tests.e2e.people import Pool
from tests.e2e.workshop import Workshop


def set_missing(shop: Workshop) -> Pool:
    name = shop.configuration_set()
    pool = shop.sending_as(shop.domain(), ConfigurationSet=name)
    shop.box.client("sesv2", shop.home).delete_configuration_set(ConfigurationSetName=name)
    return pool


def default_set_missing(shop: Workshop) -> Pool:
    identity, name = shop.domain(), shop.configuration_set()
    ses = shop.box.client("sesv2", shop.home)
    ses.put_email_identity_configuration_set_attributes(EmailIdentity=identity.name, ConfigurationSetName=name)
    pool = shop.sending_as(identity)
    ses.delete_configuration_set(ConfigurationSetName=name)
    return pool


def set_disabled(shop: Workshop) -> Pool:
    name = shop.configuration_set()
    pool = shop.sending_as(shop.domain(), ConfigurationSet=name)
    shop.box.client("sesv2", shop.home).put_configuration_set_sending_options(
        ConfigurationSetName=name, SendingEnabled=False
    )
    return pool


def no_set(shop: Workshop) -> Pool:
    return shop.sending_as(shop.domain())


def no_destination(shop: Workshop) -> Pool:
    return shop.sending_as(shop.domain(), ConfigurationSet=shop.configuration_set(destination=False))


def tls_optional(shop: Workshop) -> Pool:
    return shop.sending_as(shop.domain(), ConfigurationSet=shop.configuration_set(tls="OPTIONAL"))


def ip_pool_missing(shop: Workshop) -> Pool:
    name = shop.ip_pool()
    pool = shop.sending_as(shop.domain(), ConfigurationSet=shop.configuration_set(ip_pool=name))
    shop.box.client("sesv2", shop.home).delete_dedicated_ip_pool(PoolName=name)
    return pool


def suppression_overridden(shop: Workshop) -> Pool:
    name = shop.configuration_set()
    pool = shop.sending_as(shop.domain(), ConfigurationSet=name)
    shop.box.client("sesv2", shop.home).put_configuration_set_suppression_options(
        ConfigurationSetName=name, SuppressedReasons=[]
    )
    return pool
