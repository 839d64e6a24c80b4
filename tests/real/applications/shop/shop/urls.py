"""The interface of the shop: /_allauth/browser/v1/..."""

from django.urls import include, path

urlpatterns = [path("_allauth/", include("allauth.headless.urls"))]
