"""API (接口): the features as JSON, described by an OpenAPI document made from the same declarations."""
