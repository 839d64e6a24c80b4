"""The pages of the club."""

from django.conf import settings
from django.urls import path
from members import views

sign_up = views.SignUpOrBack if settings.SENDS_BACK else views.SignUp
urlpatterns = [
    path("signup/", sign_up.as_view(), name="signup"),
    path("welcome/", views.Welcome.as_view(), name="welcome"),
    path("by-mail/", views.SignUpByMail.as_view(), name="by-mail"),
    path("by-mail/code/", views.Verify.as_view(), name="verify"),
]
